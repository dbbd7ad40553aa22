-- The steps there are. A test holds them against trajectories/process/workflow.py (R14).
CREATE OR REPLACE FUNCTION topjob_step_exists(state_from text, state_to text) RETURNS boolean LANGUAGE sql IMMUTABLE
  SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT (state_from, state_to) IN (
    ('AANGEMELD', 'INTAKE'),
    ('INTAKE', 'BEMIDDELBAAR'),
    ('BEMIDDELBAAR', 'SOLLICITATIE'),
    ('SOLLICITATIE', 'BEMIDDELBAAR'),
    ('SOLLICITATIE', 'STARTPLAN'),
    ('SOLLICITATIE', 'NAZORG'),
    ('STARTPLAN', 'BEMIDDELBAAR'),
    ('STARTPLAN', 'PROEFPERIODE'),
    ('PROEFPERIODE', 'EVALUATIE'),
    ('PROEFPERIODE', 'BEMIDDELBAAR'),
    ('PROEFPERIODE', 'ADVIES'),
    ('EVALUATIE', 'LEERWERK'),
    ('EVALUATIE', 'BEMIDDELBAAR'),
    ('EVALUATIE', 'ADVIES'),
    ('LEERWERK', 'ADVIES'),
    ('ADVIES', 'BANENPOOL'),
    ('BANENPOOL', 'ADVIES'),
    ('BANENPOOL', 'NAZORG'),
    ('BANENPOOL', 'BEMIDDELBAAR'),
    ('NAZORG', 'BANENPOOL'),
    ('AANGEMELD', 'AFSLUITING'),
    ('INTAKE', 'AFSLUITING'),
    ('BEMIDDELBAAR', 'AFSLUITING'),
    ('SOLLICITATIE', 'AFSLUITING'),
    ('STARTPLAN', 'AFSLUITING'),
    ('PROEFPERIODE', 'AFSLUITING'),
    ('EVALUATIE', 'AFSLUITING'),
    ('LEERWERK', 'AFSLUITING'),
    ('ADVIES', 'AFSLUITING'),
    ('BANENPOOL', 'AFSLUITING'),
    ('NAZORG', 'AFSLUITING'),
    ('AFSLUITING', 'AFGESLOTEN')
  )
$$;
