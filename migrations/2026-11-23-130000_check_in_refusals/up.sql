-- A refusal at the door stands in the same log: same device, same operation ids, same order. It changes no figure.
ALTER TABLE check_ins
    ADD COLUMN reason text CONSTRAINT check_ins_reason_check CHECK (reason IN ('not_on_list', 'wrong_site', 'full', 'security', 'other')),
    DROP CONSTRAINT check_ins_direction_check;
ALTER TABLE check_ins
    ADD CONSTRAINT check_ins_direction_check CHECK (direction IN ('entry', 'exit', 'refusal')),
    ADD CONSTRAINT check_ins_refusal_check CHECK ((direction = 'refusal') = (reason IS NOT NULL));
COMMENT ON COLUMN check_ins.reason IS 'Why a guest was refused; of no other line';
