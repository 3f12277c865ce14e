"""What can be said about a page as a picture: upright, straight, sharp enough, blank, seen before, carrying a code.

Every function here is pure on arrays. The evidence image is never altered: turning, straightening and shrinking make a
*reading copy*, and the `Transform` that comes with it maps every box back to the page as it was scanned.
Importing this package loads neither OpenCV nor a model.
"""
