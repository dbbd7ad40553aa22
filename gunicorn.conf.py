"""gunicorn reads this by itself: whoever turns its access log on gets no personal links or search terms in it."""

logger_class = "topjob.logs.DiscreetLogger"
