import Grounding
print("loam")
