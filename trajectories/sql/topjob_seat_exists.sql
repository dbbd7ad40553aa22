-- A vacancy has no more people than seats (R13).
CREATE OR REPLACE FUNCTION topjob_seat_exists() RETURNS trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  available int;
  in_use int;
BEGIN
  IF NEW.cancelled THEN RETURN NEW; END IF;
  SELECT seats INTO available FROM employers_vacancy WHERE id = NEW.vacancy_id FOR UPDATE;
  SELECT count(*) INTO in_use FROM trajectories_seatclaim
    WHERE vacancy_id = NEW.vacancy_id AND NOT cancelled AND upper_inf(period) AND id <> NEW.id;
  IF NEW.seat_number > available OR (upper_inf(NEW.period) AND in_use >= available) THEN
    RAISE EXCEPTION 'Deze vacature heeft niet meer dan % plaatsen (R13)', available USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER trajectories_seatclaim_exists BEFORE INSERT OR UPDATE ON trajectories_seatclaim
  FOR EACH ROW EXECUTE FUNCTION topjob_seat_exists();
