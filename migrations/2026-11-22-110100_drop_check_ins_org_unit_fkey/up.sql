-- Every check-in locked the organiser's row to check it. The participant's row has the same unit, and its own key guards it.
ALTER TABLE check_ins DROP CONSTRAINT check_ins_org_unit_fkey;
