DROP TABLE delegates;
