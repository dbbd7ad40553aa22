"""What people do with registrations and files, in the order of the journey. Each one writes the log (R14).

What a file declares is found here by its name.
"""

from candidates.actions.file import *
from candidates.actions.person import *
from candidates.actions.registration import *
