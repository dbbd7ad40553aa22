"""Facts and guards of the journey, by phase, numbered as in docs/domain.md. A guard answers nothing, or why not in Dutch.

The reason's link is the page where the missing thing is filled in. What a phase's file declares is found here by its name.
"""

from trajectories.process.rules.advice import *
from trajectories.process.rules.applying import *
from trajectories.process.rules.checkpunt import *
from trajectories.process.rules.closing import *
from trajectories.process.rules.evaluating import *
from trajectories.process.rules.learning import *
from trajectories.process.rules.trial import *
from trajectories.process.rules.young import *
