"""Makes the PDF fixtures of the real plan (reportlab: subsets of one byte a glyph; fpdf2: two bytes). Run once, by hand."""
import re, sys
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.enums import TA_JUSTIFY, TA_CENTER
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table
from fpdf import FPDF

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
lines = [l.strip() for l in open("plan-81-KH-BCD-2023.txt", encoding="utf-8")]
clean = lambda l: re.sub(r"^\*\* ", "* ", l).replace("**", "").replace("(*", "(").replace("*)", ")").replace("tuổi.*", "tuổi.")
text = [clean(l) for l in lines if l]
# The sentence that the published text breaks is whole here: the page breaks it anew.
i = next(k for k, l in enumerate(text) if l.startswith("xây dựng và bảo vệ"))
text[i - 1] += " " + text.pop(i)
foot = text.index("Nơi nhận:")
sign = text.index("TRƯỞNG BAN")

def reportlab(path):
    pdfmetrics.registerFont(TTFont("Serif", FONT))
    body = ParagraphStyle("b", fontName="Serif", fontSize=13, leading=18, alignment=TA_JUSTIFY, firstLineIndent=12.7 * mm, spaceAfter=6)
    mid = ParagraphStyle("c", parent=body, alignment=TA_CENTER, firstLineIndent=0)
    small = ParagraphStyle("s", parent=body, fontSize=11, leading=13, alignment=0, firstLineIndent=0, spaceAfter=0)
    cell = ParagraphStyle("h", parent=mid, fontSize=11, leading=14, spaceAfter=0)
    P = lambda t, s: Paragraph(t.replace("&", "&amp;"), s)
    flow = [Table([[[P(text[0], cell)], [P("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", cell), P("Độc lập - Tự do - Hạnh phúc", cell), P(text[1], cell)]]],
                  colWidths=[60 * mm, 105 * mm]), Spacer(1, 12), P(text[2], mid), P(text[3], mid), Spacer(1, 12)]
    flow += [P(re.sub("¹", '<super size="8">1</super>', t), body) for t in text[4:foot]]
    flow.append(Table([[[P(t, small) for t in text[foot:sign]], [P(text[sign], cell), P(text[sign + 1], cell), Spacer(1, 60), P(text[sign + 2], cell)]]],
                      colWidths=[85 * mm, 80 * mm], style=[("VALIGN", (0, 0), (-1, -1), "TOP")]))
    def number(canvas, doc):
        if doc.page > 1:
            canvas.setFont("Serif", 13); canvas.drawCentredString(A4[0] / 2, A4[1] - 12 * mm, str(doc.page))
    SimpleDocTemplate(path, pagesize=A4, leftMargin=30 * mm, rightMargin=15 * mm, topMargin=20 * mm, bottomMargin=20 * mm).build(flow, onFirstPage=number, onLaterPages=number)

def fpdf(path, locked=False):
    pdf = FPDF(format="A4"); pdf.set_margins(30, 20, 15); pdf.set_auto_page_break(True, 20)
    if locked:
        pdf.set_encryption(owner_password="owner", user_password="user")
    pdf.add_font("Serif", "", FONT); pdf.set_font("Serif", size=12); pdf.add_page()
    for k, t in enumerate(text):
        mid = k in (2, 3) or k >= sign
        pdf.multi_cell(0, 6, t if mid else t, align="C" if mid else "J", new_x="LMARGIN", new_y="NEXT"); pdf.ln(2)
    pdf.output(path)

reportlab("plan-81.pdf"); fpdf("plan-81-wide.pdf"); fpdf("locked.pdf", True)
p = FPDF(); p.add_page(); p.rect(10, 10, 50, 50, style="F"); p.output("scan.pdf")
