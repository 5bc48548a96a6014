-- Shares that a programme's aid money keeps: of the money of a step, at least so much (in hundredths of a per cent) goes to
-- projects whose field holds one of these codes, separated by commas.
CREATE TABLE aid_share (
    programme_id {int} NOT NULL REFERENCES programme, code {text} NOT NULL, zh {text} NOT NULL, en {text} NOT NULL,
    step {text} NOT NULL, minimum {int} NOT NULL, field {text} NOT NULL, choices {text} NOT NULL,
    PRIMARY KEY (programme_id, code)
){strict};

-- The amounts that the ledger of aid money adds, by the record they are entries of.
CREATE INDEX figure_aid ON figure
    (subject_id, measure, role, date_to, date_from, status, low, high, approx, grain, unit, time_kind, record_id)
    WHERE measure IN ('aid_planned', 'aid_issued', 'aid_arrived', 'aid_disbursed', 'aid_contracted', 'aid_spent',
        'aid_accepted', 'aid_audited', 'aid_handed_over')
    AND grain = 'item' AND unit = 'CNY' AND time_kind = 'flow';
