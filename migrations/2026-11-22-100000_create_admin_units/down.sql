DROP TABLE admin_unit_changes;
DROP TABLE admin_units;
