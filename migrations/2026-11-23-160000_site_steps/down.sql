DROP TABLE site_steps;
ALTER TABLE sites DROP COLUMN priority_note;
ALTER TABLE sites DROP CONSTRAINT sites_state_check;
-- What was shortlisted is a nomination that nobody has decided on.
UPDATE sites SET state = 'nominated' WHERE state = 'shortlisted';
ALTER TABLE sites ADD CONSTRAINT sites_state_check CHECK (state IN ('draft', 'nominated', 'selected', 'not_selected', 'scheduled', 'held', 'closed'));
