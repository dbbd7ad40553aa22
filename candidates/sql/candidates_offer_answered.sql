-- The answer to an offer stays as it was given (R14).
CREATE OR REPLACE TRIGGER candidates_offer_answered BEFORE UPDATE ON candidates_offer
  FOR EACH ROW WHEN (OLD.answer <> 'open') EXECUTE FUNCTION topjob_refuse_change();
