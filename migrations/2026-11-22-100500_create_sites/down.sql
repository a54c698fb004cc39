DROP TABLE site_counters;
DROP TABLE sites;
