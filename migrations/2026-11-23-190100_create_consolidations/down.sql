DROP TABLE consolidation_settlements;
DROP TABLE consolidation_addressees;
DROP TABLE consolidations;
