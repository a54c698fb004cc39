DROP TABLE report_versions;
DROP TABLE reports;
DROP TABLE report_obligations;
