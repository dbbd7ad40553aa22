"""Taking a step or doing work on a case: who may, what is locked and logged, which part of a case a reader needs."""
