DROP INDEX participants_matched_to_idx;
ALTER TABLE participants
    DROP CONSTRAINT participants_matched_to_check,
    DROP CONSTRAINT participants_matched_to_fkey,
    DROP CONSTRAINT participants_origin_check,
    DROP COLUMN matched_to_id,
    DROP COLUMN origin;
