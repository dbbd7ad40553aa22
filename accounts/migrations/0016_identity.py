"""Who somebody is: one address, shown to be theirs; a session that ended doesn't come back (DECISIONS 27)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# allauth's table says what the user's row says, by itself; anything else is refused.
ADDRESS = """
CREATE FUNCTION public.topjob_user_before() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF lower(NEW.email) <> lower(OLD.email) AND NEW.email_verified_at IS NOT DISTINCT FROM OLD.email_verified_at THEN
    NEW.email_verified_at := NULL;
  END IF;
  NEW.session_version := greatest(OLD.session_version, NEW.session_version);
  IF NEW.is_active <> OLD.is_active THEN
    NEW.session_version := NEW.session_version + 1;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_user_before BEFORE UPDATE ON public.accounts_user
  FOR EACH ROW EXECUTE FUNCTION public.topjob_user_before();

CREATE FUNCTION public.topjob_user_address() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  DELETE FROM public.account_emailaddress WHERE user_id = NEW.id AND email <> lower(NEW.email);
  INSERT INTO public.account_emailaddress (user_id, email, verified, "primary")
    VALUES (NEW.id, lower(NEW.email), NEW.email_verified_at IS NOT NULL, true)
    ON CONFLICT (user_id, email) DO UPDATE SET verified = EXCLUDED.verified, "primary" = true;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_user_address_made AFTER INSERT ON public.accounts_user
  FOR EACH ROW EXECUTE FUNCTION public.topjob_user_address();
CREATE TRIGGER accounts_user_address_changed AFTER UPDATE ON public.accounts_user
  FOR EACH ROW WHEN (OLD.email <> NEW.email OR OLD.email_verified_at IS DISTINCT FROM NEW.email_verified_at)
  EXECUTE FUNCTION public.topjob_user_address();

CREATE FUNCTION public.topjob_address_of_user() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.accounts_user u
    WHERE u.id = NEW.user_id AND lower(u.email) = NEW.email AND NEW."primary"
      AND NEW.verified = (u.email_verified_at IS NOT NULL)
  ) THEN
    RAISE EXCEPTION 'dit adres is niet dat van gebruiker %', NEW.user_id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_emailaddress_of_user BEFORE INSERT OR UPDATE ON public.account_emailaddress
  FOR EACH ROW EXECUTE FUNCTION public.topjob_address_of_user();

-- Who loses or changes a role begins anew; giving one does so in the action.
CREATE FUNCTION public.topjob_role_lost() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  UPDATE public.accounts_user SET session_version = session_version + 1 WHERE id = OLD.user_id;
  RETURN NULL;
END $$;
CREATE TRIGGER accounts_membership_lost AFTER UPDATE OR DELETE ON public.accounts_membership
  FOR EACH ROW EXECUTE FUNCTION public.topjob_role_lost();

DELETE FROM public.account_emailaddress;
INSERT INTO public.account_emailaddress (user_id, email, verified, "primary")
  SELECT id, lower(email), email_verified_at IS NOT NULL, true FROM public.accounts_user;
"""
BACK = """
DROP TRIGGER accounts_membership_lost ON public.accounts_membership;
DROP TRIGGER account_emailaddress_of_user ON public.account_emailaddress;
DROP TRIGGER accounts_user_address_changed ON public.accounts_user;
DROP TRIGGER accounts_user_address_made ON public.accounts_user;
DROP TRIGGER accounts_user_before ON public.accounts_user;
DROP FUNCTION public.topjob_role_lost();
DROP FUNCTION public.topjob_address_of_user();
DROP FUNCTION public.topjob_user_address();
DROP FUNCTION public.topjob_user_before();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0015_readings'),
        ('account', '0009_emailaddress_unique_primary_email'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='email_verified_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='e-mailadres bevestigd op'),
        ),
        migrations.AddField(
            model_name='user',
            name='session_version',
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.CreateModel(
            name='AddressChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_email', models.EmailField(max_length=254, verbose_name='oud e-mailadres')),
                ('new_email', models.EmailField(max_length=254, verbose_name='nieuw e-mailadres')),
                ('asked_at', models.DateTimeField(verbose_name='gevraagd op')),
                ('old_agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='bevestigd vanuit het oude adres')),
                ('new_agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='bevestigd vanuit het nieuwe adres')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='klaar op')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='address_changes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'adreswijziging',
                'verbose_name_plural': 'adreswijzigingen',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user',), name='address_change_one_at_a_time')],
            },
        ),
        migrations.RunSQL(ADDRESS, BACK),
    ]
