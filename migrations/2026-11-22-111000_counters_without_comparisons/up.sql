-- A statement that waits for a counter row checks constraints on the row as it was when it began, before it sees the
-- row as it is: an exit that waits for its entry looked like -1 and failed. What the check said is shown by recounts.
ALTER TABLE site_counters DROP CONSTRAINT site_counters_check;
ALTER TABLE site_counters ADD CONSTRAINT site_counters_check CHECK (listed >= 0 AND invited >= 0 AND accepted >= 0 AND declined >= 0);
