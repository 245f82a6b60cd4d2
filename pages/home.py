"""Home: three doors, and every loss drawn."""

from pages.shared import gallery, menu

gallery.doors(
    ("See", "What an error costs and how hard it pulls, on one slider.", menu.SECTIONS["See"]),
    ("Train", "Watch a loss pull a line through data, both ways in time.", menu.SECTIONS["Train"]),
    ("Decide", "Which model wins under which loss, on your file.", menu.SECTIONS["Decide"]),
)
gallery.families()
