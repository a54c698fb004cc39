DROP TABLE plan_obligations;
