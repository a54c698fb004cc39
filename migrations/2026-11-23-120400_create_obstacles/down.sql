DROP TABLE obstacles;
