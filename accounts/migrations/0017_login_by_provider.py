"""An account is bound to one person at the provider, and stays bound to that one until the binding is taken away."""

from django.db import migrations

BOUND = """
CREATE UNIQUE INDEX socialaccount_once_per_user ON public.socialaccount_socialaccount (user_id, provider);

CREATE FUNCTION public.topjob_bound_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF (NEW.user_id, NEW.provider, NEW.uid) IS DISTINCT FROM (OLD.user_id, OLD.provider, OLD.uid) THEN
    RAISE EXCEPTION 'een koppeling wijst altijd dezelfde persoon aan' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER socialaccount_bound_stays BEFORE UPDATE ON public.socialaccount_socialaccount
  FOR EACH ROW EXECUTE FUNCTION public.topjob_bound_stays();
"""
BACK = """
DROP TRIGGER socialaccount_bound_stays ON public.socialaccount_socialaccount;
DROP FUNCTION public.topjob_bound_stays();
DROP INDEX public.socialaccount_once_per_user;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_identity"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [migrations.RunSQL(BOUND, BACK)]
