"""Vacancy facts and profile keys follow every change in the same transaction; what was confirmed or decided stays.

Triggers rather than code: trajectories, the employer portal, imports and a repair by hand all change what matching reads,
and the next search has to see it.
"""

from django.db import migrations

from topjob.triggers import protect

# Bits of matching.criteria; a test compares.
LICENCE_BIT, KIND_BIT, BRANCH_BIT, DISTANCE_BIT = 1 << 8, 1 << 1, 1 << 0, 1 << 6

LOADS = {
    "lifting": "tillen",
    "standing": "staan",
    "sitting": "zitten",
    "stimuli": "prikkels",
    "pace": "tempo",
    "change": "wisseling",
    "social": "sociaal",
    "heights": "hoogte",
    "outdoors": "buiten",
    "shifts": "diensten",
}

FACTS = {
    "vacancy_id": "v.id",
    "is_open": "v.status = 'open'",
    "kind_id": "v.kind_of_place_id",
    "branch_id": "f.branch_id",
    "x": "p.x",
    "y": "p.y",
    "start_1": "CASE WHEN i.days IS NULL THEN v.starts_on - DATE '1970-01-01' ELSE i.days[1] END",
    "start_2": "i.days[2]",
    "start_3": "i.days[3]",
    "start_4": "i.days[4]",
    "closes_on": "v.closes_on - DATE '1970-01-01'",
    "must_bits": f"coalesce(d.must_bits, 0) | CASE WHEN f.needs_licence THEN {LICENCE_BIT} ELSE 0 END",
    "want_total": "coalesce(cardinality(s.tokens), 0)",
    "seats_free": "v.seats_free",
    "hours_min": "v.hours_min",
    "hours_max": "v.hours_max",
    "weekdays": "coalesce(d.weekdays, 0)",
    "level": "f.level",
    "language_level": "f.language_level",
    "scope": "CASE WHEN v.project_id IS NOT NULL THEN 1 WHEN st.number IS NULL THEN 0 WHEN st.number = 1 THEN 2 ELSE 3 END",
    "has_intakes": "i.days IS NOT NULL",
    "needs_licence": "f.needs_licence",
    "offers_mentor": "f.offers_mentor",
    "offers_jobcoach": "f.offers_jobcoach",
    "offers_quiet_place": "f.offers_quiet_place OR e.has_quiet_place",
    "cell": "coalesce((p.x / 500) * 200 + p.y / 500, 0)",
    "want_tokens": "coalesce(s.tokens, '{}')",
    **{f"load_{name}": f"coalesce(l.{name}, 0)" for name in LOADS},
}
LOAD_COLUMNS = ", ".join(f"max(level) FILTER (WHERE load = '{code}') AS {name}" for name, code in LOADS.items())
SET = ", ".join(f"{column} = excluded.{column}" for column in FACTS if column != "vacancy_id")

REFRESH = f"""
CREATE FUNCTION matching_pc4(postcode text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN postcode ~ '^[1-9][0-9]{{3}}' THEN left(postcode, 4)::int END
$$;

CREATE FUNCTION matching_refresh(vacancy_ids bigint[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO matching_vacancyfact ({", ".join(FACTS)})
  SELECT {", ".join(FACTS.values())}
  FROM employers_vacancy v
  JOIN employers_functionprofile f ON f.id = v.function_id
  JOIN employers_employer e ON e.id = v.employer_id
  LEFT JOIN employers_stream st ON st.id = v.stream_id
  LEFT JOIN matching_functiondemand d ON d.function_id = f.id
  LEFT JOIN matching_place p ON p.pc4 = matching_pc4(v.postcode)
  LEFT JOIN LATERAL (SELECT {LOAD_COLUMNS} FROM employers_functionload WHERE function_id = f.id) l ON true
  LEFT JOIN LATERAL (
    SELECT array_agg((skill_id * 8 + step)::int ORDER BY skill_id, step) AS tokens
    FROM matching_functionskill, generate_series(1, level) step WHERE function_id = f.id
  ) s ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(i."on" - DATE '1970-01-01' ORDER BY i."on") AS days
    FROM employers_intakedate i WHERE i.project_id = v.project_id AND i."on" >= v.starts_on
  ) i ON true
  WHERE v.id = ANY (vacancy_ids)
  ON CONFLICT (vacancy_id) DO UPDATE SET {SET}
  WHERE (matching_vacancyfact.*) IS DISTINCT FROM (excluded.*)
$$;
"""

# Which vacancies a change touches, by table; `changed` holds the changed rows.
TOUCHED = {
    "employers_vacancy": "SELECT id FROM changed",
    "employers_functionprofile": "SELECT v.id FROM employers_vacancy v JOIN changed c ON c.id = v.function_id",
    "employers_functionload": "SELECT v.id FROM employers_vacancy v WHERE v.function_id IN (SELECT function_id FROM changed)",
    "matching_functiondemand": "SELECT v.id FROM employers_vacancy v WHERE v.function_id IN (SELECT function_id FROM changed)",
    "matching_functionskill": "SELECT v.id FROM employers_vacancy v WHERE v.function_id IN (SELECT function_id FROM changed)",
    "employers_employer": "SELECT v.id FROM employers_vacancy v JOIN changed c ON c.id = v.employer_id",
    "employers_intakedate": "SELECT v.id FROM employers_vacancy v WHERE v.project_id IN (SELECT project_id FROM changed)",
    "matching_place": "SELECT v.id FROM employers_vacancy v WHERE matching_pc4(v.postcode) IN (SELECT pc4 FROM changed)",
}
EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
# A vacancy takes its facts along; the others have no vacancies yet when they are made.
SKIPPED = {
    ("employers_vacancy", "delete"),
    ("employers_functionprofile", "insert"),
    ("employers_functionprofile", "delete"),
    ("employers_employer", "insert"),
    ("employers_employer", "delete"),
}


def followers() -> str:
    statements = []
    for table, ids in TOUCHED.items():
        statements.append(
            f"CREATE FUNCTION matching_after_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" PERFORM matching_refresh(array_agg(id)) FROM ({ids}) touched HAVING count(*) > 0; RETURN NULL; END $$;"
        )
        for event, rows in EVENTS.items():
            if (table, event) not in SKIPPED:
                statements.append(
                    f"CREATE TRIGGER matching_{event} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION matching_after_{table}();"
                )
    return "\n".join(statements)


def unfollow() -> str:
    return "\n".join(f"DROP FUNCTION matching_after_{table}() CASCADE;" for table in TOUCHED)


PROFILES = f"""
-- Where somebody lives and in which region isn't part of a version: it follows the person.
CREATE FUNCTION matching_place_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE matching_searchprofile s SET pc4 = matching_pc4(NEW.postcode), x = p.x, y = p.y, region_id = NEW.region_id
  FROM (SELECT 1) one LEFT JOIN matching_place p ON p.pc4 = matching_pc4(NEW.postcode)
  WHERE s.candidate_id = NEW.id AND s.status IN ('concept', 'bevestigd');
  RETURN NULL;
END $$;
CREATE TRIGGER matching_moved AFTER UPDATE OF postcode, region_id ON candidates_candidate FOR EACH ROW
  WHEN (OLD.postcode IS DISTINCT FROM NEW.postcode OR OLD.region_id <> NEW.region_id)
  EXECUTE FUNCTION matching_place_profile();

CREATE FUNCTION matching_place_profiles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE matching_searchprofile s SET x = c.x, y = c.y FROM changed c
  WHERE s.pc4 = c.pc4 AND s.status IN ('concept', 'bevestigd') AND (s.x, s.y) IS DISTINCT FROM (c.x, c.y);
  RETURN NULL;
END $$;
CREATE TRIGGER matching_profiles_insert AFTER INSERT ON matching_place REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION matching_place_profiles();
CREATE TRIGGER matching_profiles_update AFTER UPDATE ON matching_place REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION matching_place_profiles();

CREATE FUNCTION matching_profile_keys() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE reach int := NEW.max_distance_km * 100;
BEGIN
  NEW.kind_keys := CASE WHEN NEW.must_bits & {KIND_BIT} <> 0 AND cardinality(NEW.kind_ids) > 0 THEN NEW.kind_ids ELSE '{{0}}' END;
  NEW.branch_keys := CASE WHEN NEW.must_bits & {BRANCH_BIT} <> 0 AND cardinality(NEW.branch_ids) > 0 THEN NEW.branch_ids ELSE '{{0}}' END;
  IF NEW.must_bits & {DISTANCE_BIT} <> 0 AND NEW.x IS NOT NULL AND reach IS NOT NULL THEN
    SELECT array_agg(across * 200 + up) INTO NEW.reach_keys
    FROM generate_series(greatest(NEW.x - reach, 0) / 1000, (NEW.x + reach) / 1000) across,
         generate_series(greatest(NEW.y - reach, 0) / 1000, (NEW.y + reach) / 1000) up;
    -- Where the vacancy lies is unknown: cell 0.
    NEW.reach_keys := NEW.reach_keys || 0;
  ELSE
    NEW.reach_keys := '{{-1}}';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER matching_profile_keys BEFORE INSERT OR UPDATE ON matching_searchprofile FOR EACH ROW
  EXECUTE FUNCTION matching_profile_keys();

-- A version that was confirmed keeps its content; what follows the person or R2 may move along.
CREATE FUNCTION matching_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := '{{status,pc4,x,y,region_id,reach_keys,kind_keys,branch_keys,eligible_project,eligible_stream_1,eligible_streams_2_3,is_available}}';
BEGIN
  IF to_jsonb(OLD) - free IS DISTINCT FROM to_jsonb(NEW) - free OR (OLD.status = 'vervallen' AND NEW.status <> 'vervallen')
     OR NEW.status = 'concept' THEN
    RAISE EXCEPTION 'Versie % van dit zoekprofiel is bevestigd en verandert niet meer', OLD.version USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER matching_version_kept BEFORE UPDATE ON matching_searchprofile FOR EACH ROW
  WHEN (OLD.status <> 'concept') EXECUTE FUNCTION matching_keep_version();
"""
UNDO_PROFILES = """
DROP FUNCTION matching_keep_version() CASCADE; DROP FUNCTION matching_profile_keys() CASCADE;
DROP FUNCTION matching_place_profiles() CASCADE; DROP FUNCTION matching_place_profile() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_search_keys")]
    operations = [
        migrations.RunSQL(REFRESH, "DROP FUNCTION matching_refresh(bigint[]); DROP FUNCTION matching_pc4(text);"),
        migrations.RunSQL(followers(), unfollow()),
        migrations.RunSQL(
            "SELECT matching_refresh(array_agg(id)) FROM employers_vacancy HAVING count(*) > 0;", migrations.RunSQL.noop
        ),
        migrations.RunSQL(PROFILES, UNDO_PROFILES),
        *protect("matching_matchdecision"),
    ]
