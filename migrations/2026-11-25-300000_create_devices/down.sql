DROP TABLE device_sites;
DROP TABLE devices;
