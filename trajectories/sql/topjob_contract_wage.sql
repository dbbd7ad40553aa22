-- A contract names its wage (BW 7:655), never less than the minimum. A trial may begin without: one that follows from a plan that
-- was signed before wages were kept gets its wage recorded afterwards. By an agreement without wage nobody is employed.
CREATE OR REPLACE FUNCTION topjob_contract_wage() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  least numeric := topjob_minimum_wage(NEW.trajectory_id, NEW.starts_on);
BEGIN
  IF NEW.hourly_wage IS NULL THEN
    IF TG_OP = 'INSERT' AND NEW.kind NOT IN ('proef', 'zonder_loon') THEN
      RAISE EXCEPTION 'Een contract noemt het loon (BW 7:655)' USING ERRCODE = '23001';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.hourly_wage IS NOT NULL THEN
      RAISE EXCEPTION 'Het loon van een contract verdwijnt niet (BW 7:655)' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.hourly_wage IS NOT NULL AND OLD.hourly_wage <> NEW.hourly_wage AND EXISTS (
    SELECT 1 FROM trajectories_paper p WHERE p.subject_id = NEW.id AND p.status <> 'ingetrokken'
      AND p.kind NOT IN ('evaluatie', 'loonwaarde')
  ) THEN
    RAISE EXCEPTION 'Het loon van een contract dat op papier staat verandert niet (R5)' USING ERRCODE = '23001';
  END IF;
  IF NEW.hourly_wage < least OR NEW.minimum_wage IS DISTINCT FROM least THEN
    RAISE EXCEPTION 'Het loon is ten minste het minimumloon van % per uur', least USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_contract_wage BEFORE INSERT OR UPDATE OF hourly_wage, minimum_wage
  ON trajectories_contract
  FOR EACH ROW EXECUTE FUNCTION topjob_contract_wage();
