import { describeCommunityNodes } from '../n8n/community-nodes.mts';

describeCommunityNodes('oldest');
