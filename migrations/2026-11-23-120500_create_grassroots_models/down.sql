DROP TABLE model_replications;
DROP TABLE grassroots_models;
