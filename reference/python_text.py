"""Python's own forms of numbers and texts, which results files of lm-eval hold: reference/values/python-text.json."""
import json
import random

random.seed(5)
floats = [0.0,-0.0,1.0,-1.5,1e-4,9.9e-5,1e15,1e16,123456789012345680.0,1e22,1e-300,5e-324,1.7976931348623157e308,0.1,1/3,-16.314144134521484,100.0,0.5714285714285714]
floats += [random.uniform(-1,1)*10**random.randint(-30,30) for _ in range(60)]
texts = ["plain","it's","say \"x\"","both ' and \"","tab\tnew\nret\r","back\\slash","nul\x00 del\x7f","é ü 漢","\u2028\u2029","\u00a0nbsp","\u200bzw","😀","\ue000","\u0378","\xad"]
values = [None,True,False,3,-7,[],{},[1,2.5,"a",None],{"a":[1,{"b":"c"}],"d":{}},["x","it's"]]
out = {"floats":[[f,repr(f)] for f in floats],
 "texts":[[t,repr(t),json.dumps(t,ensure_ascii=False)] for t in texts],
 "values":[[json.dumps(v),str(v),json.dumps(v,ensure_ascii=False),json.dumps(v,indent=2,ensure_ascii=False)] for v in values]}
with open("values/python-text.json", "w") as file:
    json.dump(out, file, ensure_ascii=True)
    file.write("\n")
