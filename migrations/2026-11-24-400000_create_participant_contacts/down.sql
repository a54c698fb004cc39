DROP TABLE contact_readings;
DROP TABLE participant_contacts;
