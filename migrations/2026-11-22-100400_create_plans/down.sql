DROP TABLE plan_rules;
DROP TABLE plan_legal_bases;
DROP TABLE plan_recipients;
DROP TABLE plans;
