DROP TABLE budget_spendings;
DROP TABLE budget_lines;
