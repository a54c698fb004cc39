ALTER TABLE check_ins ADD CONSTRAINT check_ins_org_unit_fkey FOREIGN KEY (org_unit_id) REFERENCES org_units (id);
