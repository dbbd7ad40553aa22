-- Many rows come and go: what is gone is cleared away soon.
ALTER TABLE accounts_auditunsealed SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
