DROP TABLE demo_clock;
DROP TABLE idempotency_keys;
DROP TABLE events;
