-- A vacancy gets no fewer seats than are taken (R13).
CREATE OR REPLACE FUNCTION topjob_seats_in_use() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.seats < OLD.seats AND NEW.seats < (
    SELECT count(*) FROM trajectories_seatclaim WHERE vacancy_id = NEW.id AND NOT cancelled AND upper_inf(period)
  ) THEN
    RAISE EXCEPTION 'Er zijn meer plaatsen in gebruik dan dit aantal (R13)' USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER employers_vacancy_seats_in_use BEFORE UPDATE OF seats ON employers_vacancy
  FOR EACH ROW EXECUTE FUNCTION topjob_seats_in_use();
