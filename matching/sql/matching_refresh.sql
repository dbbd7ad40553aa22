-- The facts of vacancies as matching reads them. 256 is the bit of the driving licence in matching.criteria, and the ten loads are
-- those of WorkLoad; a test compares. The last four intakes of a project are all that can still be chosen (employers.rules).
CREATE OR REPLACE FUNCTION matching_refresh(vacancy_ids bigint[]) RETURNS void LANGUAGE sql
  SET search_path = pg_catalog, public, pg_temp AS $$
  INSERT INTO matching_vacancyfact (
    vacancy_id, is_open, kind_id, branch_id, x, y,
    start_1,
    start_2, start_3, start_4, closes_on,
    must_bits,
    want_total, seats_free, hours_min, hours_max, weekdays, level, language_level,
    scope,
    has_intakes, needs_licence, offers_mentor, offers_jobcoach, offers_quiet_place,
    cell, want_tokens,
    load_lifting, load_standing, load_sitting, load_stimuli, load_pace,
    load_change, load_social, load_heights, load_outdoors, load_shifts)
  SELECT
    v.id, v.status = 'open', v.kind_of_place_id, f.branch_id, p.x, p.y,
    CASE WHEN i.days IS NULL THEN v.starts_on - DATE '1970-01-01' ELSE i.days[1] END,
    i.days[2], i.days[3], i.days[4], v.closes_on - DATE '1970-01-01',
    coalesce(d.must_bits, 0) | CASE WHEN f.needs_licence THEN 256 ELSE 0 END,
    coalesce(cardinality(s.tokens), 0), v.seats_free, v.hours_min, v.hours_max, coalesce(d.weekdays, 0), f.level, f.language_level,
    CASE WHEN v.project_id IS NOT NULL THEN 1 WHEN st.number IS NULL THEN 0 WHEN st.number = 1 THEN 2 ELSE 3 END,
    i.days IS NOT NULL, f.needs_licence, f.offers_mentor, f.offers_jobcoach, f.offers_quiet_place OR e.has_quiet_place,
    coalesce((p.x / 500) * 200 + p.y / 500, 0), coalesce(s.tokens, '{}'),
    coalesce(l.lifting, 0), coalesce(l.standing, 0), coalesce(l.sitting, 0), coalesce(l.stimuli, 0), coalesce(l.pace, 0),
    coalesce(l.change, 0), coalesce(l.social, 0), coalesce(l.heights, 0), coalesce(l.outdoors, 0), coalesce(l.shifts, 0)
  FROM employers_vacancy v
  JOIN employers_functionprofile f ON f.id = v.function_id
  JOIN employers_employer e ON e.id = v.employer_id
  LEFT JOIN employers_stream st ON st.id = v.stream_id
  LEFT JOIN matching_functiondemand d ON d.function_id = f.id
  LEFT JOIN matching_place p ON p.pc4 = matching_pc4(v.postcode)
  LEFT JOIN LATERAL (
    SELECT max(level) FILTER (WHERE load = 'tillen') AS lifting,
      max(level) FILTER (WHERE load = 'staan') AS standing,
      max(level) FILTER (WHERE load = 'zitten') AS sitting,
      max(level) FILTER (WHERE load = 'prikkels') AS stimuli,
      max(level) FILTER (WHERE load = 'tempo') AS pace,
      max(level) FILTER (WHERE load = 'wisseling') AS change,
      max(level) FILTER (WHERE load = 'sociaal') AS social,
      max(level) FILTER (WHERE load = 'hoogte') AS heights,
      max(level) FILTER (WHERE load = 'buiten') AS outdoors,
      max(level) FILTER (WHERE load = 'diensten') AS shifts
    FROM employers_functionload WHERE function_id = f.id
  ) l ON true
  LEFT JOIN LATERAL (
    SELECT array_agg((skill_id * 8 + step)::int ORDER BY skill_id, step) AS tokens
    FROM matching_functionskill, generate_series(1, level) step WHERE function_id = f.id
  ) s ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(last."on" - DATE '1970-01-01' ORDER BY last."on") AS days
    FROM (
      SELECT i."on" FROM employers_intakedate i WHERE i.project_id = v.project_id AND i."on" >= v.starts_on
      ORDER BY i."on" DESC LIMIT 4
    ) last
  ) i ON true
  WHERE v.id = ANY (vacancy_ids)
  ON CONFLICT (vacancy_id) DO UPDATE SET
    is_open = excluded.is_open, kind_id = excluded.kind_id, branch_id = excluded.branch_id, x = excluded.x, y = excluded.y,
    start_1 = excluded.start_1, start_2 = excluded.start_2, start_3 = excluded.start_3, start_4 = excluded.start_4,
    closes_on = excluded.closes_on, must_bits = excluded.must_bits, want_total = excluded.want_total,
    seats_free = excluded.seats_free, hours_min = excluded.hours_min, hours_max = excluded.hours_max,
    weekdays = excluded.weekdays, level = excluded.level, language_level = excluded.language_level, scope = excluded.scope,
    has_intakes = excluded.has_intakes, needs_licence = excluded.needs_licence, offers_mentor = excluded.offers_mentor,
    offers_jobcoach = excluded.offers_jobcoach, offers_quiet_place = excluded.offers_quiet_place, cell = excluded.cell,
    want_tokens = excluded.want_tokens, load_lifting = excluded.load_lifting, load_standing = excluded.load_standing,
    load_sitting = excluded.load_sitting, load_stimuli = excluded.load_stimuli, load_pace = excluded.load_pace,
    load_change = excluded.load_change, load_social = excluded.load_social, load_heights = excluded.load_heights,
    load_outdoors = excluded.load_outdoors, load_shifts = excluded.load_shifts
  WHERE (matching_vacancyfact.*) IS DISTINCT FROM (excluded.*)
$$;
