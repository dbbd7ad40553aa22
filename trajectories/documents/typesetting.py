"""HTML as a tagged PDF, and two PDFs as one (R5, decision 16).

The libraries for it are a third of what a process loads: only who makes a document loads this module (`making.render_pdf`).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from topjob import fonts
from trajectories.documents.printable import as_html, prepared

VARIANT = "pdf/a-3a"
ORIGINAL = "getekend.pdf"
# The typesetter claims one standard at a time. These documents are made as PDF/UA-1 too; PDF/A asks that the claim's own
# property is described (ISO 19005-3, 6.6.2.3).
UA_CLAIM = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1" />
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>
</pdfaExtension:schemas></rdf:Description>"""


class FontsOnly(URLFetcher):
    """What a document may load: our own fonts, by file name. Anything else, from disk or network, is refused."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        try:
            content = fonts.load(url)
        except fonts.FontMissing as missing:  # in another letter the document would look and read differently
            raise FatalURLFetchingError(str(missing)) from missing
        return URLFetcherResponse(url, content, {"Content-Type": "font/ttf"})


def render_pdf(template: str, context: dict[str, Any], *, most_pages: int | None = None) -> bytes:
    """A tagged PDF (made as PDF/A-3a and PDF/UA-1) with our own font, that loads nothing from elsewhere.

    What takes more than so many pages is set in smaller type.
    """
    document = _typeset(template, context)
    if most_pages is not None and len(document.pages) > most_pages:
        document = _typeset(template, context | {"is_compact": True})
    return document.write_pdf(pdf_variant=VARIANT)


def _typeset(template: str, context: dict[str, Any]) -> Any:
    html = prepared(as_html(template, context))
    known, fetcher = FontConfiguration(), FontsOnly()
    style = CSS(string=_style(html), font_config=known, url_fetcher=fetcher)
    page = HTML(string=html, url_fetcher=fetcher)
    document = page.render(stylesheets=[style], font_config=known, pdf_variant=VARIANT)
    document.metadata.generate_rdf_metadata = _claiming_ua(document.metadata.generate_rdf_metadata)
    return document


def _style(html: str) -> str:
    """The stylesheet, with the fonts that these very words need."""
    families = fonts.needed(html)
    stack = ", ".join(f'"{family.name}"' for family in families)
    faces = "\n".join(face for family in families for face in family.faces())
    return render_to_string("documents/_style.css", {"faces": faces, "stack": stack})


def _claiming_ua(describe: Callable[..., bytes]) -> Callable[..., bytes]:
    def described(*standard: Any) -> bytes:
        return describe(*standard).replace(b"</rdf:RDF>", UA_CLAIM + b"</rdf:RDF>")

    return described


def joined(original: bytes, extra: bytes, made_at: datetime | None) -> bytes:
    """Two tagged PDFs as one whose tags are still right; the first travels along as an attachment."""
    writer = PdfWriter(clone_from=io.BytesIO(original))
    reader = PdfReader(io.BytesIO(extra))
    first = len(writer.pages)
    for page in reader.pages:
        writer.add_page(page)
    _join_tags(writer, reader, first)
    _attach(writer, original, made_at)
    both = io.BytesIO()
    writer.write(both)
    return both.getvalue()


def _attach(writer: PdfWriter, original: bytes, made_at: datetime | None) -> None:
    """What was signed goes along as the source of this document, in the way PDF/A-3 asks of a file within a file."""
    file = writer.add_attachment(ORIGINAL, original)
    file.alternative_name = TextStringObject(ORIGINAL)
    file.description = TextStringObject(_("Het document zoals het is getekend"))
    file.associated_file_relationship = NameObject("/Source")
    file.subtype = NameObject("/application/pdf")
    file.modification_date = made_at
    writer.root_object[NameObject("/AF")] = ArrayObject([file.pdf_object.indirect_reference])


def _join_tags(writer: PdfWriter, reader: PdfReader, first: int) -> None:
    """pypdf copies pages without their tags: hang those under the document's own, with numbers that are still free."""
    ours = _tags(writer.root_object)
    theirs = _tags(reader.root_object)
    numbers = ours["/ParentTree"]["/Nums"]
    shift = max(numbers[::2]) + 1
    document = ours["/K"][0]
    for element in theirs["/K"][0]["/K"]:
        copy = element.get_object().clone(writer)
        copy[NameObject("/P")] = document.indirect_reference
        document["/K"].append(copy.indirect_reference)
    added = theirs["/ParentTree"]["/Nums"]
    for number, elements in zip(added[::2], added[1::2], strict=True):
        numbers.extend([NumberObject(number + shift), elements.get_object().clone(writer)])
    for page, source in zip(writer.pages[first:], reader.pages, strict=True):
        page[NameObject("/StructParents")] = NumberObject(source["/StructParents"] + shift)


def _tags(root: DictionaryObject) -> Any:
    return root["/StructTreeRoot"]
