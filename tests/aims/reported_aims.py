"""The aims and the few children that reports are tested with."""

from datetime import date

from tests.aims.storytelling import accommodated, aim, recommended

AS_AT = date(2020, 6, 1)
BACKLOG = aim(code="LOG", kind="deadline", limit=None, deadline="2020-03-31", before_date="2019-12-01")
DRAFT = aim(code="DRAFT", limit=None, target_pct=None)
PARTS = [
    accommodated("2019-03-04", ref="REF-A"),
    accommodated("2019-06-03", recommended("2019-09-02"), ref="REF-B"),
    accommodated("2019-06-03", recommended("2020-02-03"), ref="REF-C"),
    accommodated("2020-04-06", ref="REF-D"),
]
