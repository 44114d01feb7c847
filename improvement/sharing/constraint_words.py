"""Why a row of a file cannot be, in words: what its fields say, and what the database holds to."""

import re

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

WORDS = {
    "idea_retired_has_day_and_reason": "a retired idea has a day and a reason",
    "idea_taken_from_library_once": "this idea of the library is there already",
    "diagram_retired_has_day_and_reason": "a retired diagram has a day and a reason",
    "drivers_linked_once": "this primary driver is named twice",
    "idea_linked_once_to_a_driver": "this idea is named twice",
    "test_withdrawn_has_day_reason_and_person": "a withdrawn test has a day and a reason",
    "cycle_planned_end_after_start": "planned_end lies before planned_start",
    "cycle_do_needs_prediction_and_data": "a cycle that has started needs questions and data_items",
    "cycle_ends_after_it_started": "a cycle ends on or after the day on which it started",
    "cycle_do_has_a_start": "what was done needs started_on",
    "cycle_study_follows_do": "results need ended_on and what_happened",
    "cycle_act_needs_study": "a decision needs results and a comparison",
    "cycle_decision_has_day_and_reason": "a decision needs decision_reason, and decided_on on or after ended_on",
    "measure_has_one_baseline": "a baseline is baseline_points or baseline_until, not both",
    "measure_retired_has_day_and_reason": "a retired measure has a day and a reason",
    "measure_taken_from_register_once": "this measure of the register is there already",
    "measure_value_once_a_month": "this month is given twice",
    "measure_value_is_one_number_or_two": "it is a numerator and a denominator, or a value",
    "measure_value_is_out_of_something": "its denominator is 0",
    "programme_ends_after_it_starts": "ends_on lies on or before starts_on",
    "member_leaves_after_joining": "left_on lies before joined_on",
    "member_leads_the_champions_while_there": "only somebody who is in the Champions' Group leads it",
    "one_lead_of_the_champions": "the Champions' Group has two leads",
    "user_once_in_the_champions_group": "the lead is in the Champions' Group twice",
    "user_once_in_an_aim_group": "the lead is in this group twice",
    "meeting_closed_by_somebody_after_it": "closed_on lies before the meeting",
    "meeting_called_off_is_not_closed": "a meeting that was called off has no minutes to close",
    "action_done_by_somebody_on_a_day": "an outcome needs done_on",
    "barrier_resolved_after_it_was_raised": "it is resolved on a day from raised_on, with a resolution",
}


def in_words(error: ValidationError) -> str:
    """The first fault of a row."""
    name, messages = next(iter(error.message_dict.items()))
    if name != NON_FIELD_ERRORS:
        return f"{name}: {messages[0]}"
    broken = re.search(r"“(\w+)”", messages[0])
    return WORDS.get(broken[1], messages[0]) if broken else messages[0]
