-- Who logs in at a provider is one person there (allauth's table has no such index).
DROP INDEX IF EXISTS socialaccount_once_per_user;
CREATE UNIQUE INDEX socialaccount_once_per_user ON socialaccount_socialaccount (user_id, provider);
