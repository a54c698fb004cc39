DROP INDEX activities_kind_idx;
ALTER TABLE activities DROP CONSTRAINT activities_kind_fkey;
ALTER TABLE activities DROP COLUMN emulation_drive;
ALTER TABLE activities DROP COLUMN results;
DROP TABLE activity_kinds;
