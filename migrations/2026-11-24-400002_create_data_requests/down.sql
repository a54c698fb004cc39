DROP TABLE data_request_steps;
DROP TABLE data_requests;
