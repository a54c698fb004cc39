DROP TABLE invitation_template_changes;
DROP TABLE invitation_reminders;
ALTER TABLE sites DROP COLUMN capacity;
ALTER TABLE site_counters DROP COLUMN last_invitation_no;
ALTER TABLE participants
    DROP CONSTRAINT participants_sent_check,
    DROP CONSTRAINT participants_invitation_key,
    DROP COLUMN answered_by,
    DROP COLUMN sent_by,
    DROP COLUMN sent_at,
    DROP COLUMN sent_channel,
    DROP COLUMN invitation_no,
    DROP COLUMN age_band;
