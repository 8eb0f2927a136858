"""The door for programs: what every collection of the API is made of. Knows no stage; imports nothing here, so that Django REST
framework's settings may name these modules.
"""
