import torch.nn as nn
act = nn.ReLU()
body = nn.Sequential(OrderedDict([('first', nn.Conv2d(1, 20, 5)), ('act', act)])).to('cuda')
model = nn.Sequential(body, nn.MaxPool2d(2), act, nn.Flatten(), nn.LazyLinear(10))
model.append(nn.Linear(10, 2))
