"""Workbooks of Excel, as small as they can be, and some that no spreadsheet program would write."""

import io
import zipfile
from xml.sax.saxutils import escape

TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>"""
RELATIONS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
RELATION = '<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(words=(), padding=b"", **sheets):
    """A workbook with these sheets: rows of cells, or the XML of their rows; shared words; padding."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(names, 1)
    )
    links = [
        RELATION.format(i, "worksheet", f"worksheets/sheet{i}.xml")
        for i in range(1, len(names) + 1)
    ]
    if words:
        links.append(RELATION.format(len(names) + 1, "sharedStrings", "sharedStrings.xml"))
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS.format(RELATION.format(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONS.format("".join(links)),
    }
    for i, name in enumerate(names, 1):
        content = sheets[name] if isinstance(sheets[name], str) else rows(sheets[name])
        parts[f"xl/worksheets/sheet{i}.xml"] = (
            f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{content}</sheetData></worksheet>'
        )
    if words:
        texts = "".join(f"<si><t>{escape(word)}</t></si>" for word in words)
        parts["xl/sharedStrings.xml"] = f'<?xml version="1.0"?><sst xmlns="{MAIN}">{texts}</sst>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        if padding:
            archive.writestr("xl/media/padding.bin", padding)
    return out.getvalue()


def rows(table, first=1):
    """Rows of numbers, text, truth values and None as the XML of a sheet."""
    return "".join(
        f'<row r="{line}">{"".join(cell(value, f"{letters(at)}{line}") for at, value in enumerate(row))}</row>'
        for line, row in enumerate(table, first)
    )


def cell(value, place):
    """One cell; an integer in a list stands for a shared word."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, list):
        return f'<c r="{place}" t="s"><v>{value[0]}</v></c>'
    if isinstance(value, str) and value.startswith("#"):
        return f'<c r="{place}" t="e"><v>{value}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def letters(at):
    """0 is A, 25 is Z, 26 is AA."""
    return (letters(at // 26 - 1) if at > 25 else "") + chr(ord("A") + at % 26)
