ALTER TABLE site_counters DROP CONSTRAINT site_counters_check;
ALTER TABLE site_counters ADD CONSTRAINT site_counters_check CHECK (listed >= 0 AND invited >= 0 AND accepted >= 0 AND declined >= 0 AND entries >= 0 AND persons >= 0 AND present >= 0 AND persons <= entries AND present <= persons);
