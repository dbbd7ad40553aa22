"""R13 per person in PostgreSQL: nothing begins at a file that was joined, and a file is joined only when it is empty of work."""

from django.db import migrations

TABLES = (
    "candidates_registration",
    "trajectories_trajectory",
    "trajectories_placement",
    "trajectories_contract",
)
LEADING = """
CREATE FUNCTION topjob_file_leads() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  leads bigint;
BEGIN
  -- Waits for whoever joins this file now.
  SELECT joined_into_id INTO leads FROM candidates_candidate WHERE id = NEW.candidate_id FOR KEY SHARE;
  IF leads IS NOT NULL THEN
    RAISE EXCEPTION 'Dossier % is samengevoegd met dossier % (R13)', NEW.candidate_id, leads USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_file_leads BEFORE INSERT OR UPDATE OF candidate_id ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION topjob_file_leads();"
    for table in TABLES
)
POINTER = f"""
CREATE FUNCTION topjob_file_joined() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.joined_into_id IS NULL THEN
    IF EXISTS (SELECT 1 FROM candidates_filejoin WHERE joined_id = NEW.id AND undone_at IS NULL) THEN
      RAISE EXCEPTION 'Dossier % blijft samengevoegd tot dat ongedaan is gemaakt (R13)', NEW.id USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM candidates_candidate WHERE id = NEW.joined_into_id AND joined_into_id IS NOT NULL)
     OR {" OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE candidate_id = NEW.id)" for table in TABLES)} THEN
    RAISE EXCEPTION 'Dossier % kan niet verwijzen naar %: er hangt nog werk aan (R13)', NEW.id, NEW.joined_into_id
      USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER candidates_candidate_joined BEFORE UPDATE OF joined_into_id ON candidates_candidate FOR EACH ROW
  WHEN (OLD.joined_into_id IS DISTINCT FROM NEW.joined_into_id) EXECUTE FUNCTION topjob_file_joined();
"""
UNDO = "DROP FUNCTION topjob_file_joined() CASCADE; DROP FUNCTION topjob_file_leads() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("candidates", "0008_joined_files"), ("trajectories", "0022_counts_follow_rows")]
    operations = [migrations.RunSQL(LEADING + POINTER, UNDO)]
