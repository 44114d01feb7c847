"""The questions about the columns of uploaded sheets: what each says, and what its values mean."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join

from milestones.sheets.code_books import LEAVE_EMPTY_LABEL, MAY_BE_EMPTY, CodeBook
from milestones.sheets.days import DayOrder
from milestones.sheets.field_kinds import Field, Reading
from milestones.sheets.fields import BY_KEY, SHEET_LABELS, grouped
from milestones.sheets.guessing import guess_sheet, use_as
from milestones.sheets.looks import ColumnLook, SheetLook
from milestones.sheets.mapping import LEAVE_EMPTY, CodeUse, ColumnUse, Mapping, Question, SheetUse

NOT_USED = ("", "Not used")
ORDERS = (
    (DayOrder.DAY_FIRST.value, "The day first: 3 April"),
    (DayOrder.MONTH_FIRST.value, "The month first: 4 March"),
)
COUNTED_FROM = (("", "Refuse them"), ("1900", "Days since 1900 (Windows)"), ("1904", "Days since 1904 (old Macintosh)"))
HIDDEN = (("yes", "They count"), ("no", "They are left out"))


class PlainSelect(forms.Select):
    """A select of many options, written at once: dozens of them stand on one page."""

    def render(self, name, value, attrs=None, renderer=None):
        given = format_html_join("", ' {}="{}"', {**self.attrs, **(attrs or {})}.items())
        options = self._options(self.choices, "" if value is None else str(value))
        return format_html('<select name="{}"{}>{}</select>', name, given, options)

    def _options(self, choices, said: str):
        parts = []
        for value, label in choices:
            if isinstance(label, list | tuple):
                parts.append(format_html('<optgroup label="{}">{}</optgroup>', value, self._options(label, said)))
            elif str(value) == said:
                parts.append(format_html('<option value="{}" selected>{}</option>', value, label))
            else:
                parts.append(format_html('<option value="{}">{}</option>', value, label))
        return format_html_join("", "{}", ((part,) for part in parts))


def chosen(choices, *, label: str, initial: str) -> forms.ChoiceField:
    widget = PlainSelect(attrs={"class": "form-select form-select-sm", "aria-label": label})
    return forms.ChoiceField(choices=choices, label=label, initial=initial, required=False, widget=widget)


class MappingForm(forms.Form):
    """What the sheets say, as it is thought now; `answers()` is what the person makes of it."""

    def __init__(self, *args, looks: list[SheetLook], mapping: Mapping, books: dict[str, CodeBook], **kwargs):
        super().__init__(*args, **kwargs)
        self.looks, self.mapping, self.books = looks, mapping, books
        self.sheets = [self._sheet(number, look, use) for number, (look, use) in enumerate(self._pairs())]

    def _pairs(self) -> list[tuple[SheetLook, SheetUse]]:
        return [(look, self.mapping.of(look.file, look.sheet)) for look in self.looks]

    def _sheet(self, number: int, look: SheetLook, use: SheetUse) -> dict[str, Any]:
        """The fields of one sheet, and what the page shows beside them."""
        name = f"s{number}"
        kinds = [("", "Left out"), *SHEET_LABELS.items()]
        self.fields[f"{name}-kind"] = chosen(kinds, label=f"{look.name} holds", initial=use.kind)
        self.fields[f"{name}-header"] = forms.IntegerField(
            label="Row with the names of the columns",
            min_value=1,
            max_value=1_000,
            initial=look.header_line or "",
            required=False,
            widget=forms.NumberInput(attrs={"class": "form-control form-control-sm"}),
        )
        if look.hidden_lines:
            initial = {True: "yes", False: "no", None: ""}[use.hidden_lines]
            choices = [("", "Say whether they count"), *HIDDEN]
            self.fields[f"{name}-hidden"] = chosen(choices, label="Hidden rows", initial=initial)
        uses = {column.index: column for column in use.columns}
        columns = [
            self._column(f"{name}-c{column.index}", column, uses.get(column.index), use) for column in look.columns
        ]
        used = columns if use.kind else []
        valued = [column for column in used if column["values"]]
        asked = [*used, *(value for column in valued for value in column["values"])]
        return {
            "look": look,
            "use": use,
            "kind": self[f"{name}-kind"],
            "header": self[f"{name}-header"],
            "hidden": self[f"{name}-hidden"] if look.hidden_lines else None,
            "columns": used,
            "valued": valued,
            "used": sum(bool(column.says) for column in use.columns),
            "doubtful": sum(each["doubtful"] for each in asked),
        }

    def _column(self, name: str, look: ColumnLook, use: ColumnUse | None, sheet: SheetUse) -> dict[str, Any]:
        use = use or ColumnUse(look.index, look.header)
        known = sheet.fields().get(use.says)
        shown = {
            "look": look,
            "use": use,
            "known": known,
            "values": [],
            "order": None,
            "numbers": None,
            "doubtful": False,
        }
        if not sheet.kind:
            return shown
        title = f"Column {look.letter} “{look.header}”"
        self.fields[name] = chosen([NOT_USED, *grouped(sheet.kind)], label=f"{title} is", initial=use.says)
        shown["says"] = self[name]
        shown["sure"] = sureness(use)
        shown["doubtful"] = bool(use.says) and not use.confirmed and use.sure < 95
        if known and known.reading is Reading.DAY:
            if look.evidence.month_first or use.order is DayOrder.MONTH_FIRST:
                self.fields[f"{name}-order"] = chosen(ORDERS, label=f"{title}: 03/04/2021 is", initial=use.order.value)
                shown["order"] = self[f"{name}-order"]
            if look.has_numbers:
                initial = str(use.numbers or "")
                self.fields[f"{name}-numbers"] = chosen(COUNTED_FROM, label=f"{title}: numbers are", initial=initial)
                shown["numbers"] = self[f"{name}-numbers"]
        if known and known.reading is Reading.CODE:
            shown["values"] = [
                self._value(f"{name}-v{number}", value, code, look, known)
                for number, (value, code) in enumerate(use.codes.items())
            ]
        return shown

    def _value(self, name: str, value: str, code: CodeUse, look: ColumnLook, known: Field) -> dict[str, Any]:
        book = self.books[known.codes]
        choices = [("", "Say what it means"), *((each, f"{label} ({each})") for each, label in book.labels.items())]
        if known.codes in MAY_BE_EMPTY and not known.must_fill:
            choices.append((LEAVE_EMPTY, LEAVE_EMPTY_LABEL))
        if book.open and value not in book.labels:
            choices.append((value, f"As it is: {value}"))
        self.fields[name] = chosen(choices, label=f"“{value}” means", initial=code.code)
        return {
            "value": value,
            "count": (look.values or {}).get(value, 0),
            "means": self[name],
            "sure": sureness(code) if code.code else "not recognised",
            "doubtful": not code.code or (not code.confirmed and code.sure < 95),
        }

    def place_of(self, words: str) -> str:
        """The id of the field that answers what these words of the mapping ask; "" where no one field does."""
        for question in self.mapping.questions():
            if question.words == words:
                name = self._name_of(question)
                return self[name].id_for_label if name in self.fields else ""
        return ""

    def _name_of(self, question: Question) -> str:
        name = f"s{[use for _look, use in self._pairs()].index(question.sheet)}"
        if question.of_hidden:
            return f"{name}-hidden"
        if question.column is None:
            return f"{name}-kind"
        of_column = f"{name}-c{question.column.index}"
        return of_column if question.value is None else f"{of_column}-v{[*question.column.codes].index(question.value)}"

    @property
    def header_lines(self) -> dict[tuple[str, str], int]:
        """Where the person says that the names of the columns are, where that is not where they were found."""
        asked = {}
        for number, look in enumerate(self.looks):
            line = self.cleaned_data.get(f"s{number}-header")
            if line and line != look.header_line:
                asked[look.file, look.sheet] = line
        return asked

    def answers(self, looks: list[SheetLook] | None = None, *, confirming: bool) -> Mapping:
        """The mapping as the person says; `looks` are of sheets looked at again, whose columns are guessed anew.

        What was guessed and left as it was stays a guess unless the person is `confirming`.
        """
        new = {(look.file, look.sheet): look for look in looks or ()}
        sheets = []
        for number, (look, use) in enumerate(self._pairs()):
            kind = self.cleaned_data[f"s{number}-kind"]
            if kind != use.kind or (look.file, look.sheet) in self.header_lines:
                guessed = guess_sheet(new.get((look.file, look.sheet), look), self.books, kind=kind)
                sheets.append(self._of_a_person(number, replace(guessed, kind=kind, confirmed=True)))
                continue
            columns = use.columns
            if kind:
                columns = tuple(self._answered(number, column, use, confirming=confirming) for column in look.columns)
            confirmed = use.confirmed or confirming
            sheets.append(self._of_a_person(number, replace(use, confirmed=confirmed, columns=columns)))
        return Mapping(tuple(sheets))

    def _of_a_person(self, number: int, use: SheetUse) -> SheetUse:
        said = self.cleaned_data.get(f"s{number}-hidden")
        return replace(use, hidden_lines={"yes": True, "no": False}.get(said)) if said is not None else use

    def _answered(self, number: int, look: ColumnLook, sheet: SheetUse, *, confirming: bool) -> ColumnUse:
        """What the person says of one column; the values of one that holds codes only now are guessed first."""
        name = f"s{number}-c{look.index}"
        said = self.cleaned_data
        before = next((column for column in sheet.columns if column.index == look.index), None)
        before = before or ColumnUse(look.index, look.header)
        says = said.get(name, "")
        if says != before.says:
            now = ColumnUse(look.index, look.header)
            if says:
                now = use_as(look, BY_KEY[sheet.kind][says], self.books, sure=0)
            return replace(now, confirmed=True)
        codes = {
            value: replace(
                code, code=answer, confirmed=bool(answer) and (confirming or code.confirmed or answer != code.code)
            )
            for position, (value, code) in enumerate(before.codes.items())
            for answer in [said.get(f"{name}-v{position}", code.code)]
        }
        order = DayOrder(said.get(f"{name}-order") or before.order)
        numbers = said.get(f"{name}-numbers", str(before.numbers or ""))
        confirmed = before.confirmed or confirming
        numbers = int(numbers) if numbers else None
        return replace(before, confirmed=confirmed, codes=codes, order=order, numbers=numbers)


def sureness(use: ColumnUse | CodeUse) -> str:
    """How sure a guess is, in words."""
    if use.confirmed:
        return "said by a person"
    if use.sure >= 100:
        return "to the letter"
    if use.sure >= 95:
        return "by its name"
    return "perhaps: look at it" if use.sure else ""
