DROP TABLE mail_deliveries;
DROP TABLE mail_addresses;
